// Before the first paint: the theme that was chosen on this machine. Without a choice the system's applies.
(() => {
  const chosen = localStorage.getItem("graphinv-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
