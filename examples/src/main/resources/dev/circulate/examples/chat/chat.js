import { ask, chan, connect, unbounded } from "/circulate.js";

const $ = (id) => document.getElementById(id);

// Two channels of this page's, for the server. What is said while the link is down waits here, and then arrives.
const says = chan(unbounded());
const hears = chan(16);

$("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const peer = await connect(`ws://${location.host}/csp`);
    addEventListener("pagehide", () => peer.close());
    peer.ended.take().catch(() => hears.close(peer.lost())); // nobody will put into it any more
    const chat = await ask(peer.root, "get-service", { service: "chat" });
    await ask(chat, "join", { name: $("name").value, says, hears });
    $("join").hidden = true;
    $("room").hidden = false;
    $("text").focus();
    for await (const message of hears) show(message);
  } catch (e) {
    $("status").textContent = `The chat is over. ${e.message}`; // the server is gone, or has sent us away
  }
});

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  says.offer($("text").value);
  $("text").value = "";
});

function show({ from, text }) {
  const item = document.createElement("li");
  const who = document.createElement("b");
  who.textContent = from;
  item.append(who, text); // as text: nobody's message is markup
  $("messages").append(item);
  item.scrollIntoView({ block: "nearest" });
}
