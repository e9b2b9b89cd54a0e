import type { DadosRedefinicaoSenha } from '../../../domain/aviso.ts';
import { curtaSoPorEmail } from '../../leiaute/curto.ts';
import { COR } from '../../leiaute/leiaute.ts';
import type { Template } from '../../leiaute/template.ts';

/** Brings the code that sets a new password. Says nothing of the account, and nothing that somebody else has written. */
export const redefinicaoSenha: Template<DadosRedefinicaoSenha> = {
  assunto: (_, idioma) => idioma.t('redefinicaoSenha.assunto'),
  curta: (_, idioma) => curtaSoPorEmail(idioma.t('redefinicaoSenha.assunto'), idioma),
  visao({ codigo, devolveEndereco = false }, idioma) {
    const frase = idioma.t(devolveEndereco ? 'redefinicaoSenha.fraseQueDevolve' : 'redefinicaoSenha.frase');
    return {
      previa: idioma.t('redefinicaoSenha.previa'),
      selo: { texto: idioma.t('redefinicaoSenha.selo'), cor: COR.neutra },
      cabecalho: idioma.t('redefinicaoSenha.assunto'),
      introducao: frase,
      abertura: frase,
      linhas: [{ rotulo: idioma.t('rotulos.codigo'), valor: codigo, codigo: true }],
      porque: idioma.t(devolveEndereco ? 'redefinicaoSenha.porqueDevolve' : 'redefinicaoSenha.porque'),
      fecho: idioma.t('redefinicaoSenha.fecho'),
    };
  },
};
