import { User } from "#models/user.server";
import type { Run } from "~/services/jobs.server";
import { sendMail } from "~/services/mail.server";
import { resetToken } from "./reset-token.server";

/** Several people may share an address: each gets a mail. */
export default async function mailLinks({ email, site }: { email: string; site: string }, { finish }: Run) {
  const users = await User.withEmail(email);
  await finish(async (transaction) => {
    for (const user of users) {
      const text = [
        `Somebody asked for a new password for ${user.username} at ${site}.`,
        "",
        "Set it here, within an hour:",
        `${site}/accounts/reset/${resetToken(user)}`,
        "",
        "If that was not you, do nothing: the password stays as it is.",
      ].join("\n");
      const subject = `A new password for ${user.username}`;
      await sendMail({ to: user.email, subject, text }, { transaction, fleeting: true });
    }
  });
}
