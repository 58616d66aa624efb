/** Hands one mail to the mail server. */
import { createTransport } from "nodemailer";
import { Mail } from "#models/mail.server";
import { config } from "./config.server";
import { Hopeless, type Run } from "./jobs.server";

/** Milliseconds for each step, so that a server which hangs is known for one before the job's time is up. */
const PATIENCE = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

export default async function deliver({ mail: id }: { mail: number }, { attempt, signal, finish }: Run) {
  const mail = await Mail.findByPk(id);
  if (!mail || mail.status === "sent") return;
  const { SMTP_URL } = config();
  if (!SMTP_URL) return finish((transaction) => mail.kept("kept: no SMTP_URL", transaction));
  const answer = await post(SMTP_URL, mail, signal).catch(async (error: Error) => {
    const isPermanent = isRefusal(error);
    const words = wordsOf(error);
    await mail.refused(words, { attempt, isPermanent });
    throw isPermanent ? new Hopeless(words) : new Error(words);
  });
  await finish((transaction) => mail.sent(answer, transaction));
}

/** @returns what the mail server answered. */
async function post(url: string, mail: Mail, signal: AbortSignal): Promise<string> {
  const { recipient, replyTo, subject, text, html, messageId, createdAt } = mail;
  const transport = createTransport({
    ...PATIENCE,
    url,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { response } = await transport.sendMail({
    from: config().MAIL_FROM,
    to: recipient,
    replyTo: replyTo || undefined,
    subject,
    text,
    html: html || undefined,
    messageId,
    date: createdAt,
    signal,
  });
  return response;
}

interface SmtpError extends Error {
  code?: string;
  response?: string;
  responseCode?: number;
}

/** Whether the server refuses this very mail for good (RFC 5321, 4.2.1: 5yz). A wrong password is no fault of the mail. */
const isRefusal = ({ code, responseCode = 0 }: SmtpError) =>
  responseCode >= 500 && (code === "EENVELOPE" || code === "EMESSAGE");

/** The server's own words where it had any. */
const wordsOf = ({ response, message }: SmtpError) => response ?? message;
