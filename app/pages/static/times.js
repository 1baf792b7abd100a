// Times in the zone of the viewer; the exact value stays the title.

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

function ageOf(timestamp) {
  let seconds = Math.max(0, Math.floor((Date.now() - timestamp) / 1000));
  const parts = [];
  for (const [name, size] of UNITS) {
    const number = Math.floor(seconds / size);
    seconds -= number * size;
    if (number || (name === "s" && !parts.length)) parts.push(`${number} ${name}`);
  }
  return parts.slice(0, 2).join(" ");
}

function show(element) {
  const timestamp = new Date(element.dateTime);
  if (Number.isNaN(timestamp.getTime())) return;
  element.textContent = "age" in element.dataset ? ageOf(timestamp) : format.format(timestamp);
}

export function showTimes(part) {
  for (const element of part.querySelectorAll("time[datetime]")) show(element);
}

// Ages grow while one looks; nothing is asked of the server for that.
setInterval(() => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("time[data-age]")) show(element);
}, 15000);
