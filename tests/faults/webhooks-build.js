// The production build, for server.ts to serve (TENFOLD_BUILD), with one more subscription to webhooks: what it does is a
// row in the database, written in the transaction that completes its job.
export * from "../../build/server/index.js";

/** @type {Map<string, any>} */
const house = /** @type {any} */ (globalThis).__tenfold;

house.get("features").servers.push({
  name: "effects",
  webhooks: [
    {
      name: "effect",
      provider: "*",
      event: "*",
      handler: async () => ({
        async default(/** @type {any} */ { eventId }, /** @type {any} */ { finish }) {
          await finish((/** @type {any} */ transaction) =>
            transaction.sequelize.query("INSERT INTO effects (event_id) VALUES (:eventId)", {
              replacements: { eventId },
              transaction,
            }),
          );
        },
      }),
    },
  ],
});
