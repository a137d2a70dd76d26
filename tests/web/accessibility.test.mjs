// Every page, dialog and menu, in both themes: axe finds nothing, and on a phone nothing sticks out or is too small to hit.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { House, isAccessible, speak } from "./browser.mjs";
import { measure } from "./measure.mjs";
import { play } from "./play.mjs";

const THEMES = ["light", "dark"];
/** The last one is that of the script. */
const LANGUAGES = ["de", "ar", "ja", "en"];
/** What a finger hits. */
const TARGET = 44;

let house;
before(async () => {
  house = await House.open();
});
after(() => house.close());

test("all scenes", async (scenes) => {
  await play(house, async (page, scene) => {
    await scenes.test(scene, async () => {
      for (const theme of THEMES) {
        await page.evaluate((wanted) => { document.documentElement.dataset.theme = wanted; }, theme);
        await isAccessible(page, `${scene}, ${theme}`);
      }
      const size = page.viewportSize();
      await page.setViewportSize({ width: 320, height: 640 });
      await page.waitForFunction(() => document.querySelector(".shell:not(.shell-1)") === null);
      const wrong = {};
      for (const language of LANGUAGES) {
        await speak(page, language);
        const found = await page.evaluate(measure, TARGET);
        if (found.length > 0) wrong[language] = found;
      }
      await page.setViewportSize(size);
      assert.deepEqual(wrong, {}, `${scene} on a phone`);
    });
  });
});
