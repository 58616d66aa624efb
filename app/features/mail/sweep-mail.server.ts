import { Mail } from "#models/mail.server";
import { deliverMail } from "~/services/mail.server";

const DAYS_KEPT = 30;

export default async function sweepMail() {
  await Mail.giveUp(deliverMail.name);
  await Mail.sweep(DAYS_KEPT);
}
