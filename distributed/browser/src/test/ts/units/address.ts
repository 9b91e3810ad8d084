import { assert } from "chai";
import { connect, type WebSocketClass } from "circulate";
import { rejection } from "../laws/until.js";

const WRONG = [
  ["localhost", "it has no scheme"],
  ["/csp", "it has no scheme"],
  ["", "it has no scheme"],
  ["localhost:8080/csp", "its scheme is 'localhost'"],
  ["http://localhost:8080/csp", "its scheme is 'http'"],
  ["https://example.org/csp", "its scheme is 'https'"],
  ["ws://localhost:port/csp", "it cannot be read"],
  ["ws://", "it cannot be read"],
  ["wss://example.org/csp#top", "it has a fragment, '#top'"],
] as const;

/** Where one can connect to. */
export function addressLaws(): void {
  describe("an address to connect to", () => {
    it("that cannot be one is refused with what is wrong, and what was expected", async () => {
      const webSocket = function (uri: string): never {
        assert.fail(`${uri} was tried`);
      } as unknown as WebSocketClass;
      for (const [uri, wrong] of WRONG) {
        assert.equal(
          (await rejection(connect(uri, { webSocket }))).message,
          `cannot connect to ${uri}: ${wrong}; ` +
            "expected an address as ws://host:port/path, or wss://host:port/path for TLS",
        );
      }
    });

    it("where nobody answers is given up in words, and leaves no socket", async () => {
      let closed = 0;
      const webSocket = class {
        readonly bufferedAmount = 0;
        onopen = null;
        onmessage = null;
        onerror = null;
        onclose = null;

        send(): void {}

        close(): void {
          closed++;
        }
      };
      const failure = await rejection(connect("ws://nobody", { webSocket, limits: { hello: 20 } }));
      assert.equal(failure.message, "cannot connect to ws://nobody: no answer within 20 ms");
      assert.equal(closed, 1);
    });

    it("that can be one is tried as it is", async () => {
      const tried: string[] = [];
      const webSocket = function (uri: string): never {
        tried.push(uri);
        throw new Error("not today");
      } as unknown as WebSocketClass;
      const right = ["ws://localhost:8080/csp", "wss://example.org", "WS://[::1]:1/a?b=c"];
      for (const uri of right) {
        assert.equal((await rejection(connect(uri, { webSocket }))).message, "not today");
      }
      assert.deepEqual(tried, right);
    });
  });
}
