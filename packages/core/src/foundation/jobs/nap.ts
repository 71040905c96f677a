/** A nap that others can end. */
export class Nap {
  #rouse: () => void = () => undefined;

  /** Ends after so long, or when roused. */
  for(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  rouse(): void {
    this.#rouse();
  }
}
