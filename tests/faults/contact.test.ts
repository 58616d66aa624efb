import { expect, it, onTestFinished } from "vitest";
import { startMailServer } from "../helpers/mail-server";
import { LONG, post, startServer } from "../helpers/server";

const LETTER = { email: "mary@example.com", topic: "Badges", message: "They are blank." };

it(
  "a contact message while the mail server is down is kept, survives a kill, and is mailed once when it is back",
  async () => {
    const gone = await startMailServer();
    await gone.stop();
    const env = {
      SMTP_URL: `smtp://127.0.0.1:${gone.port}`,
      PUBLIC_URL: "http://tenfold.example",
      CONTACT_TO: "desk@example.com",
    };
    const server = await startServer(env);
    onTestFinished(() => server.stop());
    const answer = await post(server, "/contact", LETTER);
    expect([answer.status, answer.headers.location]).toEqual([303, "/contact"]);
    await server.said(/ECONNREFUSED/);
    server.process.kill("SIGKILL");
    await server.exited;
    const mails = await startMailServer("take", gone.port);
    onTestFinished(() => mails.stop());
    const again = await startServer({ ...env, DATABASE_URL: server.databaseUrl });
    onTestFinished(() => again.stop());
    // A dead worker is known for one after more than half a minute.
    await expect.poll(() => mails.taken.length, { timeout: LONG }).toBe(1);
    expect(mails.taken[0]).toMatchObject({ to: ["desk@example.com"] });
    expect(mails.taken[0]!.source).toContain("They are blank.");
    expect(mails.tries()).toBe(1);
  },
  2 * LONG,
);
