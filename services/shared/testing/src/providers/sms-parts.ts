/** Texts of the alphabet of GSM (3GPP TS 23.038) alone. */
const GSM =
  /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\f]*$/u;
/** What that alphabet writes as two characters. */
const TWICE = /[\^{}\\[~\]|€\f]/gu;

/** How many parts an SMS has, as providers count them: 160 characters in one and 153 in each of several; in Unicode 70 and 67. */
export function partsOf(text: string): number {
  const gsm = GSM.test(text);
  const length = gsm ? text.length + (text.match(TWICE)?.length ?? 0) : text.length;
  const [one, each] = gsm ? [160, 153] : [70, 67];
  return length <= one ? 1 : Math.ceil(length / each);
}
