/** Working like somebody who has a keyboard and nothing else: counts what was pressed. */
import { expect, type Locator, type Page } from '@playwright/test';

/** More presses of Tab than this to reach something is a fault of the page. */
const MOST_TABS = 60;

/** A menu or dialog that has just opened has the focus: it takes it a moment later, also from what is pressed in it. */
export async function hasFocus(layer: Locator): Promise<void> {
  await expect(layer.locator(':focus')).toHaveCount(1);
}

/** Takes the one choice that what was typed into a list of choices has left, by arrow and Enter. */
export async function takeByArrow(list: Locator, choice: Locator): Promise<void> {
  await expect(choice).toBeVisible();
  await list.press('ArrowDown');
  await expect(choice).toHaveAttribute('data-combobox-selected', 'true');
  await list.press('Enter');
  await expect(choice).toBeHidden();
}

export class Keyboard {
  presses = 0;
  constructor(private readonly page: Page) {}

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.presses += 1;
      await this.page.keyboard.press(key);
    }
  }

  async type(text: string): Promise<void> {
    this.presses += text.length;
    await this.page.keyboard.type(text);
  }

  /** Tab (or Shift+Tab) until the control has the focus. */
  async tabTo(control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await expect(control).toBeVisible();
    for (let presses = 0; presses < MOST_TABS; presses++) {
      if (await control.evaluate((element) => element === document.activeElement)) return;
      await this.press(key);
    }
    throw new Error(`${control} was not reached by ${MOST_TABS} presses of ${key}.`);
  }

  /** Opens a list of choices that has the focus, and takes the choice of this name. */
  async choose(list: Locator, name: string | RegExp): Promise<void> {
    await expect(list).toBeFocused();
    const option = this.page.getByRole('option', { name, exact: true }).first();
    if (!(await option.isVisible())) await this.press('ArrowDown');
    await expect(option).toBeVisible();
    for (let presses = 0; presses < MOST_TABS; presses++) {
      const id = await option.getAttribute('id');
      const chosen = await option.getAttribute('data-combobox-selected');
      if (chosen !== null || (await list.getAttribute('aria-activedescendant')) === id) break;
      await this.press('ArrowDown');
    }
    await this.press('Enter');
  }
}
