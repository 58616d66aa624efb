import { Mail } from "#models/mail.server";

const DAYS_KEPT = 30;

export default async function sweepMail() {
  await Mail.sweep(DAYS_KEPT);
}
