/** Mail: what `django.core.mail` stands for. It is written down with what it is about, and sent by a job. */
import type { Transaction } from "sequelize";
import { z } from "zod";
import { Mail, type NewMail, TRIES } from "#models/mail.server";
import { config } from "./config.server";
import { defineJob, enqueue } from "./jobs.server";

export const deliverMail = defineJob({
  name: "send-mail",
  schema: z.object({ mail: z.int() }),
  attempts: TRIES,
  timeout: 60_000,
  handler: () => import("./deliver-mail.server"),
});

/**
 * Sends a mail to one person, once the caller's transaction has committed: rolled back with it, never sent from a
 * request. Without `SMTP_URL` it is kept, for staff to read. A `fleeting` one loses its words when it is sent, since
 * they open a door. A mail server that dies in the middle may get it twice, with the same Message-ID.
 *
 *     await sendMail({ to: "ada@example.com", subject: "Hello", text: "…" }, { transaction });
 *
 * @throws ZodError when an address or the subject breaks its rule, such as one with a line end in it.
 */
export async function sendMail(
  mail: NewMail,
  { transaction, fleeting = false }: { transaction: Transaction; fleeting?: boolean },
) {
  const host = /@([^\s<>@]+)>?$/.exec(config().MAIL_FROM)![1]!;
  const { id, messageId } = await Mail.add(mail, { host, fleeting }, transaction);
  await enqueue(deliverMail, { mail: id }, { transaction, key: messageId });
}
