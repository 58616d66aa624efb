const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });

/** "Overdue", "Due 31 Jan 2026": in words, not by colour alone. */
export function Due({ dueOn, overdue, label = "Due " }: { dueOn: string; overdue: boolean; label?: string }) {
  return (
    <>
      {overdue && <b className="badge bad">Overdue</b>}{" "}
      <time dateTime={dueOn}>
        {label}
        {day.format(new Date(dueOn))}
      </time>
    </>
  );
}
