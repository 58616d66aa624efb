/** A price in hundredths as people write it: 1250 is `12.50`. */
export const priceText = (hundredths: number) => (hundredths / 100).toFixed(2);
