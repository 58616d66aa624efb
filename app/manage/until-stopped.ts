/** Waits until the process is told to stop: by Ctrl+C, or by who runs it. */
export const untilStopped = () =>
  new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
