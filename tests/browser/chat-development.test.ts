import { expect, it } from "vitest";
import { inBrowser } from "../helpers/browser";
import { edit, startDevelopment } from "../helpers/development";
import { connect } from "../helpers/socket";

inBrowser(
  "the chat under npm run dev",
  (open) => {
    it("keeps its sockets through a hot reload, beside those of Vite, and new ones meet the old in their room", () =>
      open({}, async ({ page, server }) => {
        await page.goto("/chat/general");
        await page.getByText("Connected", { exact: true }).waitFor();
        const old = await connect(server.port, "/ws/chat/general?after=0");
        await old.got({ type: "level" });

        edit("app/features/chat/room.tsx", '<h1 id="room">', '<h1 id="room">Reloaded ');
        await page.getByRole("heading", { name: "Reloaded General" }).waitFor();
        await page.goto("about:blank");
        edit("app/features/chat/socket.server.ts", "Send text, not bytes", "Text, please");
        // A page that is asked for has the server load what was edited, once it has been told of that.
        let reloaded = old;
        const refusal = async () => {
          await page.goto("/chat/general");
          await page.getByText("Connected", { exact: true }).waitFor();
          reloaded = await connect(server.port, "/ws/chat/general?after=0");
          reloaded.send(Buffer.from("x"));
          return (await reloaded.got({ type: "error" })).error;
        };
        await expect.poll(refusal, { timeout: 60_000 }).toBe("Text, please");

        expect(old.socket.readyState).toBe(old.socket.OPEN);
        old.send({ text: "from before" });
        await reloaded.got({ text: "from before" });
        reloaded.send({ text: "from after" });
        await old.got({ text: "from after" });
        expect(server.output().match(/listens on/g)).toHaveLength(1);
      }));
  },
  startDevelopment,
);
