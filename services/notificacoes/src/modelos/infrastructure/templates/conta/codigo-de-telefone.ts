import type { DadosCodigoDeTelefone } from '../../../domain/modelo.ts';
import { COR } from '../../leiaute/leiaute.ts';
import type { Template } from '../../leiaute/template.ts';

/** Brings the code that proves a telephone, as a text message and in no other way. Says nothing of the account. */
export const codigoDeTelefone: Template<DadosCodigoDeTelefone> = {
  assunto: (_, idioma) => idioma.t('codigoDeTelefone.assunto'),
  curta: ({ codigo }, idioma) => ({
    titulo: idioma.t('codigoDeTelefone.assunto'),
    // Never on another screen.
    corpo: idioma.t('codigoDeTelefone.introducao'),
    sms: idioma.t('codigoDeTelefone.sms', { codigo }),
  }),
  visao: ({ codigo }, idioma) => ({
    previa: idioma.t('codigoDeTelefone.previa'),
    selo: { texto: idioma.t('codigoDeTelefone.selo'), cor: COR.neutra },
    cabecalho: idioma.t('codigoDeTelefone.assunto'),
    introducao: idioma.t('codigoDeTelefone.introducao'),
    abertura: idioma.t('codigoDeTelefone.frase'),
    linhas: [{ rotulo: idioma.t('rotulos.codigo'), valor: codigo }],
    porque: idioma.t('codigoDeTelefone.porque'),
    fecho: idioma.t('codigoDeTelefone.fecho'),
  }),
};
