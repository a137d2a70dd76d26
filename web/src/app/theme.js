// Sets the theme before anything is painted. Runs before all else, so it is small and stands alone.
(() => {
  let theme = "system";
  try {
    theme = JSON.parse(localStorage.getItem("greenroom-taste") ?? "{}").theme ?? "system";
  } catch {
    theme = "system";
  }
  const isDark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
