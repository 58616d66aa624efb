// The command line knows those models that features import.
import "#models/activity.server";

export const name = "admin";
