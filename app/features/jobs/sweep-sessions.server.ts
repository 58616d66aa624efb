import { Session } from "#models/session.server";

export default async function sweepSessions() {
  await Session.clearExpired();
}
