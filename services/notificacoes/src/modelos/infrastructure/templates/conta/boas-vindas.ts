import type { DadosBoasVindas } from '../../../domain/modelo.ts';
import { curtaSoPorEmail } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import type { Template } from '../../leiaute/template.ts';

/** Asks its reader to prove that they read it. Says nothing of the account: its address may have been mistyped. */
export const boasVindas: Template<DadosBoasVindas> = {
  assunto: (_, idioma) => idioma.t('boasVindas.assunto'),
  curta: (_, idioma) => curtaSoPorEmail(idioma.t('boasVindas.assunto'), idioma),
  visao: ({ codigo }, idioma) => ({
    previa: idioma.t('boasVindas.previa'),
    selo: { texto: idioma.t('boasVindas.selo'), cor: COR.neutra },
    cabecalho: idioma.t('boasVindas.assunto'),
    introducao: idioma.t('boasVindas.frase'),
    abertura: idioma.t('boasVindas.frase'),
    linhas: [{ rotulo: idioma.t('rotulos.codigo'), valor: codigo, codigo: true }],
    porque: idioma.t('boasVindas.porque'),
    fecho: idioma.t('boasVindas.fecho'),
  }),
};
