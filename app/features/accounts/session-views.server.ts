import { Session } from "#models/session.server";
import { deviceName } from "./device-name.server";

/** Where a person is signed in, as pages show it. `own` is the session that asks. */
export async function sessionViews(userId: number, own: number) {
  const sessions = await Session.of(userId);
  return sessions.map(({ userAgent, ...session }) => ({
    ...session,
    device: deviceName(userAgent),
    isThis: session.id === own,
  }));
}
