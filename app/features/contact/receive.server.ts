/** What happens to a contact message: kept in any case, and told to staff where no spam is suspected. */
import { Op, type Transaction } from "sequelize";
import { Message, type NewContactMessage } from "#models/contact-message.server";
import { transaction } from "#models/database.server";
import { singleton } from "#models/singleton.server";
import { User } from "#models/user.server";
import { config } from "~/services/config.server";
import { absolute } from "~/services/http.server";
import { sendMail } from "~/services/mail.server";
import { networkOf, throttle } from "~/services/throttle.server";

const AN_HOUR = 60 * 60;
const FREE = 5;
const byAddress = () =>
  singleton("contact by address", () => throttle("contact", { tries: FREE, within: AN_HOUR }));

/**
 * Keeps the message together with the mails that tell of it, or with why it is taken for spam. `bait` is what a person
 * does not see and leaves empty.
 *
 * @returns the reference: also of spam, whose sender is to notice nothing.
 */
export async function receive(request: Request, { bait, ...values }: NewContactMessage & { bait: string }) {
  const trap = bait !== "";
  return transaction(async (transaction) => {
    const suspicion = async () => {
      if (trap) return "A field was filled in that people do not see";
      const wait = await byAddress().take(networkOf(request));
      return wait > 0 ? `More than ${FREE} messages in an hour from one address` : null;
    };
    const { message, isNew } = await Message.receive(values, { trap, suspicion }, transaction);
    if (isNew && !message.spam) await tellStaff(request, message, transaction);
    return message.reference;
  });
}

async function tellStaff(
  request: Request,
  { id, reference, email, topic, message }: Message,
  transaction: Transaction,
) {
  const text = [
    `From: ${email}`,
    `Topic: ${topic}`,
    "",
    message,
    "",
    "-- ",
    `To answer, reply to this mail. ${reference} is kept at`,
    absolute(request, `/admin/contact/message/${id}/change`),
  ].join("\n");
  for (const to of await staffAddresses(transaction)) {
    await sendMail({ to, replyTo: email, subject: `[${reference}] ${topic}`, text }, { transaction });
  }
}

/** Those of the settings; else of every superuser who has one, each once. */
async function staffAddresses(transaction: Transaction): Promise<string[]> {
  const { CONTACT_TO } = config();
  if (CONTACT_TO) return CONTACT_TO;
  const where = { isSuperuser: true, isActive: true, email: { [Op.ne]: "" } };
  const users = await User.findAll({ attributes: ["email"], where, order: ["id"], transaction });
  return [...new Set(users.map(({ email }) => email))];
}
