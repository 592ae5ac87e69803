// Times in the reader's own zone; the exact instant, in UTC, stays in the title.
const minute = 60, hour = 60 * minute, day = 24 * hour;
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function timeText(instant, now = Date.now()) {
  const seconds = (instant - now) / 1000;
  const ago = Math.abs(seconds);
  if (ago < minute) return relative.format(Math.round(seconds), "second");
  if (ago < hour) return relative.format(Math.round(seconds / minute), "minute");
  if (ago < day) return relative.format(Math.round(seconds / hour), "hour");
  return ago < 7 * day ? full.format(instant) : date.format(instant);
}

export function showTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]")) {
    const instant = Date.parse(time.dateTime);
    if (!Number.isNaN(instant)) {
      const text = timeText(instant);
      if (time.textContent !== text) time.textContent = text;
    }
  }
}

setInterval(() => document.hidden || showTimes(document), 30_000);
