/** Assignment 06: the chat. The tabs are a page each and a socket each; what goes over it is the tutorial's. */
import { once } from "node:events";
import { afterAll, expect, it } from "vitest";
import WebSocket from "ws";
import { site, tag, visitor } from "./site";

interface Said {
  username: string;
  text: string;
}

type Tab = Awaited<ReturnType<typeof openTab>>;

/** Opens the page, and the socket that its script would open. What others say meanwhile is not heard. */
async function openTab() {
  const page = await visitor().open("/chat");
  expect([page.status, page.button("Send").type]).toEqual([200, "submit"]);
  const socket = new WebSocket(new URL("/ws/chat/", site.url.replace(/^http/, "ws")));
  const heard: Said[] = [];
  socket.on("message", (data) => {
    const { username, text } = JSON.parse(String(data));
    if (String(text).includes(tag)) heard.push({ username, text });
  });
  await once(socket, "open");
  return { heard, socket, say: (said: object) => socket.send(JSON.stringify(said)) };
}

const hello = { username: "Ada", text: `Hello & <b>welcome</b> ${tag}` };
const still = { username: "Bob", text: `Still here ${tag}` };
let one: Tab;
let two: Tab;
afterAll(() => {
  for (const tab of [one, two]) tab?.socket.terminate();
});

it("2. and 3. two tabs are open", async () => {
  one = await openTab();
  two = await openTab();
});
it("4. what the first says comes to the second at once, word for word, and back to the first", async () => {
  one.say(hello);
  await expect.poll(() => [one.heard, two.heard]).toEqual([[hello], [hello]]);
});
it("4. what is no message harms neither", async () => {
  for (const nothing of ["no JSON", "[]", "7", '{"text": 7}']) one.socket.send(nothing);
  one.socket.send(Buffer.from([1, 2, 3]));
  const [anonymous, named] = [{ text: `Who? ${tag}` }, { username: "x".repeat(60), text: `Long ${tag}` }];
  one.say(anonymous);
  one.say(named);
  const said = [hello, { ...anonymous, username: "anonymous" }, { ...named, username: "x".repeat(50) }];
  await expect.poll(() => [one.heard, two.heard]).toEqual([said, said]);
});
it("5. with the first closed, the second goes on, and so does who comes later", async () => {
  one.socket.close();
  await once(one.socket, "close");
  one = await openTab();
  two.say(still);
  await expect.poll(() => [one.heard, two.heard.at(-1)]).toEqual([[still], still]);
});
it("5. what was said is on the page", async () => {
  const page = await visitor().open("/chat");
  expect(page.rows(hello.text)).toHaveLength(1);
  expect(page.rows(still.text)).toHaveLength(1);
});
