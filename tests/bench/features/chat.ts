import { seed } from "~/features/chat/feature.server";
import { startServer } from "../../helpers/server";
import { inWords, load, openSockets } from "../../load/chat";
import { residentMiB } from "../measure";
import type { BenchPage, BenchPart, DataSet } from "../pages";

export const pages: BenchPage[] = [
  { name: "chat", path: "/chat/general", data: "small" },
  { name: "chat-signed-in", path: "/chat/general", data: "small", signedIn: true },
  { name: "chat-20k", path: "/chat/general?before=8000", data: "large" },
];

/** 120 messages, and 20,000. */
export async function fill(data: DataSet) {
  await seed.run(data === "small" ? 120 : 20_000);
}

/** A server of its own: what one part leaves open must not be in the next one's way. */
const alone = () => startServer({ LOG_LEVEL: "silent", RUN_JOBS: "false" });

const SOCKETS = 200;
const IDLE = 2_000;

export const parts: BenchPart[] = [
  {
    name: "chat-deliveries",
    async run() {
      const rows: string[] = [];
      for (const messages of [100, 200, 400]) {
        const server = await alone();
        await load(server, { sockets: SOCKETS, messages: 50, seconds: 2 });
        const carried = await load(server, { sockets: SOCKETS, messages, seconds: 10 });
        await server.stop();
        rows.push(`${String(messages).padStart(4)} messages/s: ${inWords(carried)}`);
      }
      return `${SOCKETS} sockets in one room, every message stored, one process:\n\n${rows.join("\n")}`;
    },
  },
  {
    name: "chat-idle",
    async run() {
      const server = await alone();
      const open = async () => {
        await openSockets(server.port, IDLE);
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        return residentMiB(server);
      };
      // The first find room in what the start has left.
      const before = await open();
      const each = (((await open()) - before) * 1024) / IDLE;
      await server.stop();
      return `${IDLE.toLocaleString("en")} idle sockets: ${each.toFixed(1)} kB of memory each`;
    },
  },
];
