import { Job } from "#models/job.server";

const DAYS_KEPT = 7;

export default async function sweepJobs() {
  await Job.sweep(DAYS_KEPT);
}
