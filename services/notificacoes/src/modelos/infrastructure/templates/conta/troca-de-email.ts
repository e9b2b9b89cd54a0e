import type { DadosTrocaDeEmail } from '../../../domain/aviso.ts';
import { curtaSoPorEmail } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import type { Template } from '../../leiaute/template.ts';

/**
 * Brings the code that gives an account its new address. Says nothing of the account, and nothing that somebody else has
 * written: whose address it is, is not known yet.
 */
export const trocaDeEmail: Template<DadosTrocaDeEmail> = {
  assunto: (_, idioma) => idioma.t('trocaDeEmail.assunto'),
  curta: (_, idioma) => curtaSoPorEmail(idioma.t('trocaDeEmail.assunto'), idioma),
  visao: ({ codigo }, idioma) => ({
    previa: idioma.t('trocaDeEmail.previa'),
    selo: { texto: idioma.t('trocaDeEmail.selo'), cor: COR.neutra },
    cabecalho: idioma.t('trocaDeEmail.assunto'),
    introducao: idioma.t('trocaDeEmail.frase'),
    abertura: idioma.t('trocaDeEmail.frase'),
    linhas: [{ rotulo: idioma.t('rotulos.codigo'), valor: codigo, codigo: true }],
    porque: idioma.t('trocaDeEmail.porque'),
    fecho: idioma.t('trocaDeEmail.fecho'),
  }),
};
