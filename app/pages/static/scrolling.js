// What is wider than its place can be scrolled by the keyboard; what is not is no stop for it.

export function makeScrollable(part) {
  for (const element of part.querySelectorAll(".scroll")) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
  }
}
