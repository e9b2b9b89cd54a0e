/** The languages that messages are written in, as BCP 47 names them. */
export const IDIOMAS = ['pt-BR'] as const;

export type Idioma = (typeof IDIOMAS)[number];

/** Of a person who never said anything. */
export const IDIOMA_INICIAL: Idioma = 'pt-BR';

export const ehIdioma = (texto: string): texto is Idioma => IDIOMAS.some((idioma) => idioma === texto);
