/** A mail server that does what a test wants of it, on a free port. */
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerSession } from "smtp-server";

/** What it does with the next mail: takes it, refuses it with an SMTP status, or does not answer until it is set. */
export type Mood = "take" | "hang" | { refuse: number; words: string };

export interface MailServer {
  port: number;
  /** What it has taken, head and body as they came. */
  taken: { to: string[]; source: string }[];
  /** How many mails were tried with it. */
  tries(): number;
  set(mood: Mood): void;
  stop(): Promise<void>;
}

/** Starts one; `port` lets it come back where it was. */
export async function startMailServer(mood: Mood = "take", port = 0): Promise<MailServer> {
  const taken: MailServer["taken"] = [];
  let tries = 0;
  const held: (() => void)[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    closeTimeout: 50,
    onRcptTo(_address, _session, done) {
      tries += 1;
      const answer = () => {
        if (mood === "hang") return held.push(answer);
        if (mood === "take") return done();
        done(Object.assign(new Error(mood.words), { responseCode: mood.refuse }));
      };
      answer();
    },
    onData(stream, { envelope }: SMTPServerSession, done) {
      let source = "";
      stream.on("data", (chunk: Buffer) => {
        source += chunk;
      });
      stream.on("end", () => {
        taken.push({ to: envelope.rcptTo.map(({ address }) => address), source });
        done();
      });
    },
  });
  // A client that hangs up is no fault of the server's.
  server.on("error", () => {});
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    tries: () => tries,
    set(next) {
      mood = next;
      for (const answer of held.splice(0)) answer();
    },
    stop: () => new Promise((closed) => server.close(closed)),
  };
}
