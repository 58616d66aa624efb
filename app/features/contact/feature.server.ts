import { Message } from "#models/contact-message.server";
import { HOUR } from "#models/time";
import { adminEntry } from "~/services/admin.server";
import { demoMessage } from "./demo.server";

export const name = "contact";

const PATH = "/admin/contact/message";

/** The link by which a mail program answers (RFC 6068). */
const mailto = ({ email, topic, reference }: Message) =>
  `mailto:${encodeURIComponent(email).replace("%40", "@")}?subject=${encodeURIComponent(`Re: ${topic} [${reference}]`)}`;

export const admin = [
  adminEntry<Message>({
    model: Message,
    name: ({ reference, topic }) => `${reference} ${topic}`,
    list: ["reference", "email", "topic", "unread", "spam", "createdAt"],
    search: ["reference", "email", "topic", "message"],
    filters: ["unread", "spam", "createdAt"],
    ordering: ["-id"],
    secret: ["fingerprint"],
    labels: { spamReason: "Suspected, because" },
    viewOnly: true,
    actions: [
      {
        name: "read",
        label: "Mark the selected messages as read",
        needs: "change",
        apply: marked("unread", false),
      },
      {
        name: "unread",
        label: "Mark the selected messages as unread",
        needs: "change",
        apply: marked("unread", true),
      },
      {
        name: "spam",
        label: "Mark the selected messages as spam",
        needs: "change",
        apply: marked("spam", true),
      },
      {
        name: "no-spam",
        label: "Mark the selected messages as not spam",
        needs: "change",
        apply: marked("spam", false),
      },
    ],
    links: (message, by) => {
      const mark = (action: string, label: string) => ({
        label,
        to: `${PATH}/action`,
        post: { action, ids: String(message.id), confirm: "1" },
      });
      return [
        { label: "Reply", to: mailto(message) },
        ...(by.can("change", "message")
          ? [
              message.unread ? mark("read", "Mark as read") : mark("unread", "Mark as unread"),
              message.spam ? mark("no-spam", "Not spam") : mark("spam", "Spam"),
            ]
          : []),
      ];
    },
  }),
];

function marked(flag: "unread" | "spam", value: boolean) {
  return (message: Message) => void message.set(flag, value);
}

export const seed = {
  count: 30,
  /** Adds what is missing of the first `count` demo messages, one every seven hours; five of 30 are unread, three spam. */
  async run(count: number) {
    const now = Date.now();
    // The oldest first: references go up with time.
    const messages = Array.from({ length: count }, (_, n) => ({
      ...demoMessage(n),
      spamReason: demoMessage(n).spam ? "A field was filled in that people do not see" : "",
      createdAt: new Date(now - n * 7 * HOUR),
    }));
    await Message.addMissing(messages.reverse());
  },
};
