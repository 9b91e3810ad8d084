import { assert } from "chai";
import { readPacket, writePacket, type Message, type Packet } from "../../../main/ts/runtime/packet.js";
import { batch, message } from "./scripted.js";

function read(text: string): Packet {
  return readPacket(text, 1 << 20);
}

function crossed(said: Message): unknown {
  const packet = read(writePacket({ type: "batch", number: 1, received: 0, messages: [said] }));
  return packet.type === "batch" ? packet.messages[0] : packet;
}

/** What stands in a frame. */
export function packetLaws(): void {
  describe("a frame", () => {
    it("DI-10 may have fields that are not known, as of a later version", () => {
      const beat = '["^ ","~:type","~:beat","~:said",7,"~:received",4,"~:later-on",[1],"later",null]';
      assert.deepEqual(read(beat), { type: "beat", said: 7, received: 4 });
      assert.deepEqual(read(batch(1, message("take", "x", ',"~:count",3,"~:later-on",1'))), {
        type: "batch",
        number: 1,
        received: 0,
        messages: [{ type: "take", target: "x", count: 3 }],
      });
    });

    it("DI-2 may have numbers as texts, and texts that look like them", () => {
      const body = String.raw`["~i-9223372036854775808","~d1.5e-3","~d-7.","say \"~ix\"","~~ix",["^ ","~i7","a\\"]]`;
      const packet = read(batch(1, message("value", "x", `,"~:body",${body}`)));
      const [value] = packet.type === "batch" ? packet.messages : [];
      const [, half, seven, said, looks] = (value as Message & { body: unknown[] }).body;
      assert.deepEqual([half, seven, said, looks], [0.0015, -7, 'say "~ix"', "~ix"]);
    });

    it("SV-6 DI-3 tells that nothing is left of a deadline, and that nothing was withdrawn", () => {
      const request = { type: "forward", target: "root", body: 1, request: true } as const;
      assert.deepInclude(crossed({ ...request, deadline: 0 }), { deadline: 0 });
      assert.deepInclude(crossed(request), { deadline: -1 });
      assert.deepEqual(crossed({ type: "untaken", target: "x", count: 0 }), { type: "untaken", target: "x", count: 0 });
    });
  });
}
