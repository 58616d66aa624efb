import { createHash } from "node:crypto";
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
import { hold, sequelize, transaction } from "./database.server";
import { emailAddress, type LineRule, LONGEST_EMAIL, line, prose } from "./rules";

const TOPIC: LineRule = { name: "Topic", max: 100, empty: "Enter a topic" };
const MESSAGE = { name: "Message", max: 2_000, empty: "Enter a message" };
/** Milliseconds in which the same message from the same address is one message. */
const SAME = 10 * 60 * 1000;
/** Where references begin, so that the first message does not look like it. */
const REFERENCES_FROM = 1_000;

export const contactEmail = emailAddress({
  name: "Email address",
  missing: "Enter your email address",
  wrong: "Enter an email address in the correct format, like name@example.com",
  required: true,
});
export const contactTopic = line(TOPIC);
export const contactText = prose(MESSAGE);

export interface NewContactMessage {
  email: string;
  topic: string;
  message: string;
}

/** What somebody has written to the team. */
export class Message extends Model<InferAttributes<Message>, InferCreationAttributes<Message>> {
  /** What the history keeps of a change. */
  static readonly noted: (keyof Attributes<Message>)[] = ["email", "topic", "unread", "spam"];

  declare id: CreationOptional<number>;
  /** What the sender was told, to be found by. */
  declare reference: CreationOptional<string>;
  declare email: string;
  declare topic: string;
  declare message: string;
  declare unread: CreationOptional<boolean>;
  declare spam: CreationOptional<boolean>;
  declare spamReason: CreationOptional<string>;
  /** The same for what counts as the same message. */
  declare fingerprint: string;
  declare createdAt: CreationOptional<Date>;

  /**
   * Takes a message in, in the caller's transaction. What the same address wrote in the last 10 minutes in the same
   * words is that message again, however many come at once. Else it is added; what `suspicion` says of it, if
   * anything, is why it is taken for spam. What a `trap` caught does not count as what a person sends.
   *
   * @returns the message, and whether it is new.
   * @throws ZodError when a value breaks its rule.
   */
  static async receive(
    values: NewContactMessage,
    { trap, suspicion }: { trap: boolean; suspicion(): Promise<string | null> },
    transaction: Transaction,
  ): Promise<{ message: Message; isNew: boolean }> {
    const fingerprint = fingerprintOf(values, trap);
    await hold(fingerprint, transaction);
    const createdAt = { [Op.gt]: new Date(Date.now() - SAME) };
    const order: [string, string][] = [["id", "ASC"]];
    const known = await Message.findOne({ where: { fingerprint, createdAt }, order, transaction });
    if (known) return { message: known, isNew: false };
    const spamReason = (await suspicion()) ?? "";
    const message = await Message.add({ ...values, spam: spamReason !== "", spamReason }, transaction, trap);
    return { message, isNew: true };
  }

  /** Adds a message with its reference. @throws ZodError when a value breaks its rule. */
  static async add(
    { email, topic, message, ...rest }: NewContactMessage & Partial<Attributes<Message>>,
    transaction: Transaction,
    trap = false,
  ) {
    const values = {
      email: contactEmail.parse(email),
      topic: contactTopic.parse(topic),
      message: contactText.parse(message),
    };
    const row = await Message.create(
      { ...rest, ...values, fingerprint: fingerprintOf(values, trap) },
      { transaction },
    );
    return row.update({ reference: `C-${REFERENCES_FROM + row.id}` }, { transaction });
  }

  /** Adds those that nobody has ever written, in their order. */
  static async addMissing(messages: (NewContactMessage & Partial<Attributes<Message>>)[]) {
    const rows = messages.map((values) => ({ ...values, fingerprint: fingerprintOf(values, false) }));
    await transaction(async (transaction) => {
      const where = { fingerprint: rows.map(({ fingerprint }) => fingerprint) };
      const known = await Message.findAll({ attributes: ["fingerprint"], where, transaction });
      const have = new Set(known.map(({ fingerprint }) => fingerprint));
      const missing = rows.filter(({ fingerprint }) => !have.has(fingerprint));
      await Message.bulkCreate(missing, { transaction });
      await sequelize.query(
        `UPDATE contact_messages SET reference = 'C-' || (${REFERENCES_FROM} + id) WHERE reference = ''`,
        { transaction },
      );
    });
  }
}

/** Addresses differ by no more than their case where they are one person's. */
const fingerprintOf = ({ email, topic, message }: NewContactMessage, trap: boolean) =>
  createHash("sha256")
    .update(JSON.stringify([email.toLowerCase(), topic, message, trap]))
    .digest("hex");

Message.init(
  {
    id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
    reference: { type: DataTypes.STRING(12), allowNull: false, defaultValue: "" },
    email: { type: DataTypes.STRING(LONGEST_EMAIL), allowNull: false },
    topic: { type: DataTypes.STRING(TOPIC.max), allowNull: false },
    message: { type: DataTypes.STRING(MESSAGE.max), allowNull: false },
    unread: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: true },
    spam: { type: DataTypes.BOOLEAN, allowNull: false, defaultValue: false },
    spamReason: { type: DataTypes.STRING(200), allowNull: false, defaultValue: "" },
    fingerprint: { type: DataTypes.STRING(64), allowNull: false },
    createdAt: { type: DataTypes.DATE, allowNull: false },
  },
  {
    sequelize,
    modelName: "message",
    tableName: "contact_messages",
    updatedAt: false,
    indexes: [
      { name: "contact_messages_unread", fields: ["unread", "id"] },
      { name: "contact_messages_spam", fields: ["spam", "id"] },
      { name: "contact_messages_fingerprint", fields: ["fingerprint", "created_at"] },
    ],
  },
);
