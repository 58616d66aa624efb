/** Mails: those that wait to be sent, and what has become of the others. The outbox that staff read. */
import { randomUUID } from "node:crypto";
import {
  type Attributes,
  type CreationOptional,
  DataTypes,
  type InferAttributes,
  type InferCreationAttributes,
  Model,
  Op,
  type Transaction,
} from "sequelize";
import { z } from "zod";
import { sequelize, transaction } from "./database.server";
import { LONGEST_EMAIL, line } from "./rules";
import { cut } from "./sql.server";
import { daysAgo } from "./time";

const MAIL_STATES = ["waiting", "sent", "failed", "kept"] as const;
export type MailState = (typeof MAIL_STATES)[number];

/** Half a day of tries, the last ones 5 to 10 minutes apart: a mail server may be away for a night. */
export const TRIES = 100;
const SUBJECT = 200;
const LONGEST_ANSWER = 2_000;

/** One address (RFC 5321): no list, no name, no line end, so nothing typed can add a header or a recipient. */
const address = z.email("Enter one email address").max(LONGEST_EMAIL);

/** What a mail may be. */
const newMail = z.object({
  to: address,
  replyTo: address.optional(),
  subject: line({ name: "Subject", max: SUBJECT, empty: "Enter a subject" }),
  text: z.string().min(1, "Enter a text"),
  html: z.string().optional(),
});

export type NewMail = z.input<typeof newMail>;

/** Stands for the words of a mail that opened a door and is through. */
const ERASED = "(Erased when it was sent.)";

export class Mail extends Model<InferAttributes<Mail>, InferCreationAttributes<Mail>> {
  static readonly noted: (keyof Attributes<Mail>)[] = ["recipient", "subject", "status"];

  declare id: CreationOptional<number>;
  declare recipient: string;
  declare replyTo: CreationOptional<string>;
  declare subject: string;
  declare text: string;
  declare html: CreationOptional<string>;
  /** The same at each try (RFC 5322, 3.6.4), so that a mail that comes twice can be told for one. */
  declare messageId: string;
  /** Its words are erased once it is sent: whoever reads them may do something. */
  declare fleeting: CreationOptional<boolean>;
  declare status: CreationOptional<MailState>;
  /** What the mail server said last, or why there was none to ask. */
  declare answer: CreationOptional<string>;
  declare createdAt: CreationOptional<Date>;
  declare sentAt: CreationOptional<Date | null>;

  /**
   * Writes a mail down in the caller's transaction.
   *
   * @throws ZodError when an address or the subject breaks its rule.
   */
  static add(
    mail: NewMail,
    { host, fleeting }: { host: string; fleeting: boolean },
    transaction: Transaction,
  ) {
    const { to, replyTo, subject, text, html } = newMail.parse(mail);
    const messageId = `<${randomUUID()}@${host}>`;
    return Mail.create({ recipient: to, replyTo, subject, text, html, messageId, fleeting }, { transaction });
  }

  /** Records in the caller's transaction that the mail server has taken it. */
  async sent(answer: string, transaction: Transaction) {
    const erased = this.fleeting ? { text: ERASED, html: "" } : {};
    await this.update(
      { status: "sent", sentAt: new Date(), answer: cut(answer, LONGEST_ANSWER), ...erased },
      { transaction },
    );
  }

  /** Records in the caller's transaction that there was no mail server to send it to. */
  async kept(why: string, transaction: Transaction) {
    await this.update({ status: "kept", answer: why }, { transaction });
  }

  /** Records what the mail server said when it did not take it at a try, and whether that is for good. */
  async refused(answer: string, { attempt, isPermanent }: { attempt: number; isPermanent: boolean }) {
    const status = isPermanent || attempt >= TRIES ? "failed" : "waiting";
    await transaction((transaction) =>
      this.update({ status, answer: cut(answer, LONGEST_ANSWER) }, { transaction }),
    );
  }

  /**
   * Marks as failed what waits although no job of that name is to send it any more: its worker died at the last try, or
   * somebody has discarded the job. Mail and job know each other by the Message-ID.
   */
  static async giveUp(job: string) {
    const why = "Nothing is trying to send it any more.";
    await transaction((transaction) =>
      sequelize.query(
        `UPDATE mails SET status = 'failed', answer = CASE answer WHEN '' THEN :why ELSE answer END
         WHERE status = 'waiting' AND NOT EXISTS (SELECT 1 FROM jobs
           WHERE jobs.name = :job AND jobs.key = mails.message_id AND jobs.status IN ('queued', 'running'))`,
        { replacements: { job, why }, transaction },
      ),
    );
  }

  /** Deletes what was sent or kept more than `days` ago. @returns how many went. */
  static async sweep(days: number) {
    const createdAt = { [Op.lt]: daysAgo(days) };
    return transaction((transaction) =>
      Mail.destroy({ where: { status: ["sent", "kept"], createdAt }, transaction }),
    );
  }
}

const body = { type: DataTypes.TEXT, allowNull: false };

Mail.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    recipient: { type: DataTypes.STRING(LONGEST_EMAIL), allowNull: false },
    replyTo: { type: DataTypes.STRING(LONGEST_EMAIL), allowNull: false, defaultValue: "" },
    subject: { type: DataTypes.STRING(SUBJECT), allowNull: false },
    text: body,
    html: { ...body, defaultValue: "" },
    messageId: { type: DataTypes.STRING(100), allowNull: false },
    fleeting: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    status: {
      type: DataTypes.STRING(10),
      allowNull: false,
      defaultValue: "waiting",
      values: [...MAIL_STATES],
      validate: { isIn: [[...MAIL_STATES]] },
    },
    answer: { ...body, defaultValue: "" },
    createdAt: { type: DataTypes.DATE, allowNull: false },
    sentAt: { type: DataTypes.DATE },
  },
  {
    sequelize,
    modelName: "mail",
    tableName: "mails",
    updatedAt: false,
    indexes: [{ name: "mails_status", fields: ["status", "created_at"] }],
  },
);
