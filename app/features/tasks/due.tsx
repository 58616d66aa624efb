const day = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

/** "Due Jan 31, 2026"; what is overdue says so in words. */
export function Due({ dueOn, overdue }: { dueOn: string; overdue: boolean }) {
  return (
    <>
      {overdue && <b className="badge overdue">Overdue</b>}
      {/* A space, for who has it read aloud. */}{" "}
      <time dateTime={dueOn}>Due {day.format(new Date(dueOn))}</time>
    </>
  );
}
