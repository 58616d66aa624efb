import { Mail } from "#models/mail.server";
import { adminEntry } from "~/services/admin.server";
import { defineJob, noPayload, type Recurring } from "~/services/jobs.server";
import { deliverMail } from "~/services/mail.server";

export const name = "mail";

/** Gives up mails that nothing is to send any more, and deletes those that were sent or kept more than 30 days ago. */
const sweepMail = defineJob({
  name: "sweep-mail",
  schema: noPayload,
  handler: () => import("./sweep-mail.server"),
});

export const jobs = [deliverMail, sweepMail];

export const recurring: Recurring[] = [{ job: sweepMail, cron: "27 * * * *" }];

export const admin = [
  adminEntry<Mail>({
    model: Mail,
    name: ({ subject }) => subject,
    list: ["subject", "recipient", "status", "createdAt", "sentAt", "answer"],
    search: ["subject", "recipient"],
    filters: ["status", "createdAt"],
    ordering: ["-id"],
    labels: { recipient: "To", replyTo: "Reply to", html: "HTML, as it is written", messageId: "Message-ID" },
    secret: ["fleeting"],
    viewOnly: true,
  }),
];
