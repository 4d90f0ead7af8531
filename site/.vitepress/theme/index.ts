import DefaultTheme from "vitepress/theme-without-fonts";
import type { Theme } from "vitepress";

/** The default theme, with the fonts that the reader has. A page that can't be rendered fails the build: else it would be left out with a message. */
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.config.throwUnhandledErrorInProduction = true;
  },
} satisfies Theme;
