// Served only by `cargo xtask serve --watch`: reloads the page when a newer build is there.
let shown;
new EventSource('/__xtask/changes').onmessage = ({ data }) => {
  if (shown !== undefined && data !== shown) location.reload();
  shown = data;
};
