// The reference of the API, drawn by Scalar from our own description, with nothing of it asked from anywhere else: no fonts, no telemetry, no proxy, no assistant.
function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error("The reference could not be loaded."));
    document.head.append(script);
  });
}

customElements.define("api-docs", class extends HTMLElement {
  async connectedCallback() {
    try {
      await load(new URL("./api-reference.js", import.meta.url).href);
    } catch (fault) {
      this.textContent = fault.message;
      return;
    }
    const here = location.origin;
    this.textContent = "";
    window.Scalar.createApiReference(this, {
      url: this.dataset.description,
      layout: "modern",
      theme: "none",
      withDefaultFonts: false,
      telemetry: false,
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: "never",
      hideClientButton: true,
      hideDarkModeToggle: true,
      forceDarkModeState: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light",
      documentDownloadType: "json",
      servers: [{ url: here }],
      proxyUrl: "",
      externalUrls: { dashboardUrl: here, registryUrl: here, proxyUrl: here, apiBaseUrl: here },
    });
  }
});
