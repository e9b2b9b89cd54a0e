/** BCP 47. What messages are written in where nothing else is known, and what the other languages are measured by. */
export const IDIOMA_PADRAO = 'pt-BR';
