import { type Action, permissionName } from "./permission.server";

/** Who is signed in, as far as a request needs to know. */
export class CurrentUser {
  declare readonly id: number;
  declare readonly username: string;
  declare readonly displayName: string;
  declare readonly isStaff: boolean;
  declare readonly isSuperuser: boolean;
  declare readonly groups: readonly string[];
  declare readonly permissions: readonly string[];
  declare readonly sessionId: number;
  /** How many notifications they have not seen, as `Notification` counts them. */
  declare readonly unseen: number;
  /** When they last gave their password in this session. */
  declare readonly confirmedAt: Date;

  constructor(values: Omit<CurrentUser, "name" | "can" | "isIn">) {
    Object.assign(this, values);
  }

  /** What others call them. */
  get name() {
    return this.displayName || this.username;
  }

  /** Whether they may do that with a model, like `can("change", "todo")`. Superusers may everything. */
  can(action: Action, model: string) {
    return this.isSuperuser || this.permissions.includes(permissionName(action, model));
  }

  isIn(group: string) {
    return this.groups.includes(group);
  }
}
