import { Op } from "sequelize";
import { reindex } from "../schema/reindex";

const refused = { where: { refusal: { [Op.ne]: null } } };

/**
 * With the sizes: what is too much of a day is found without the rows, of one provider and of all others. The refusal
 * is in it for SQLite, which else looks into every row of the provider.
 */
export const { up, down } = reindex(
  "webhook_events",
  [{ name: "webhook_events_refused", fields: ["received_at", "id", "provider"], ...refused }],
  [
    { name: "webhook_events_refused", fields: ["received_at", "id", "provider", "size"], ...refused },
    {
      name: "webhook_events_refused_of",
      fields: ["provider", "received_at", "id", "size", "refusal"],
      ...refused,
    },
  ],
);
