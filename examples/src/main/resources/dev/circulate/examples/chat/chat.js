import { ask, chan, connect, unbounded } from "/circulate.js";

const $ = (id) => document.getElementById(id);

let says; // what is said here while this page is in the room

$("join").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = $("join").querySelector("button");
  button.disabled = true; // who clicks twice joins once
  $("status").textContent = "";
  let peer;
  try {
    // Two channels of this page's, for the server. What is said while the link is down waits here, and then arrives.
    says = chan(unbounded());
    const hears = chan(16);
    peer = await connect(`ws://${location.host}/csp`);
    addEventListener("pagehide", () => peer.close());
    peer.ended.take().catch(() => hears.close(peer.lost())); // nobody will put into it any more
    const chat = await ask(peer.root, "get-service", { service: "chat" });
    await ask(chat, "join", { name: $("name").value, says, hears });
    $("room").hidden = false;
    setInRoom(true);
    $("text").focus();
    for await (const message of hears) show(message);
  } catch (e) {
    $("status").textContent = `The chat is over. ${e.message}`; // the server is gone, or has sent us away
  }
  peer?.close(); // so the others hear that we have left
  setInRoom(false);
  button.disabled = false;
});

$("say").addEventListener("submit", (event) => {
  event.preventDefault();
  says.offer($("text").value);
  $("text").value = "";
});

/** Who is in the room can speak, and who is not can join; what was said stays to be read. */
function setInRoom(inRoom) {
  $("join").hidden = inRoom;
  $("say").hidden = !inRoom;
}

function show({ from, text }) {
  const item = document.createElement("li");
  const who = document.createElement("b");
  who.textContent = from;
  item.append(who, text); // as text: nobody's message is markup
  $("messages").append(item);
  item.scrollIntoView({ block: "nearest" });
}
