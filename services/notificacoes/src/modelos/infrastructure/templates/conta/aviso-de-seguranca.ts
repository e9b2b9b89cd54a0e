import { isIP } from 'node:net';
import { partesDoDispositivo } from '@plataforma/domain/dispositivo';
import type { DadosAvisoDeSeguranca } from '../../../domain/aviso.ts';
import type { Idioma } from '../../idiomas/idioma.ts';
import { COR } from '../../leiaute/leiaute.ts';
import type { Template } from '../../leiaute/template.ts';

/** An account has no time zone of its own. */
const FUSO = 'America/Sao_Paulo';

/** About an address that the account may come back to; the message that goes there says until when. */
const COM_VOLTA = ['EMAIL_ALTERACAO_PEDIDA', 'EMAIL_ALTERADO', 'CADASTRO_REPETIDO'] as const;

/** Tells the owner of an account what was done to it, when, and from where. */
export const avisoDeSeguranca: Template<DadosAvisoDeSeguranca> = {
  assunto: ({ tipo }, idioma) => idioma.t(`aviso.${tipo}.assunto`),
  curta({ tipo }, idioma) {
    const assunto = idioma.t(`aviso.${tipo}.assunto`);
    const sms = idioma.t('aviso.sms', { assunto });
    return { titulo: assunto, corpo: idioma.t('aviso.push'), sms, caminho: '/conta/seguranca' };
  },
  visao(dados, idioma) {
    const { tipo, em, enderecoIp, dispositivo, protocolo = '' } = dados;
    const { frase, fecho } = textoDe(dados, idioma);
    return {
      previa: frase,
      selo: { texto: idioma.t('aviso.selo'), cor: COR.alerta },
      cabecalho: idioma.t(`aviso.${tipo}.assunto`),
      introducao: frase,
      abertura: frase,
      linhas: [
        { rotulo: idioma.t('rotulos.quando'), valor: idioma.instante(new Date(em), FUSO) },
        { rotulo: idioma.t('rotulos.dispositivo'), valor: dispositivoDe(dispositivo, idioma) },
        { rotulo: idioma.t('rotulos.enderecoIp'), valor: enderecoDe(enderecoIp) },
        { rotulo: idioma.t('rotulos.protocolo'), valor: protocolo },
        { rotulo: idioma.t('rotulos.relatorio'), valor: protocolo && `/api/v1/erasures/${protocolo}` },
      ],
      porque: idioma.t('leiaute.porqueSeguranca'),
      fecho,
    };
  },
};

function textoDe({ tipo, voltaAte }: DadosAvisoDeSeguranca, idioma: Idioma) {
  const comVolta = COM_VOLTA.find((um) => um === tipo);
  if (voltaAte !== undefined && comVolta !== undefined) {
    const ate = idioma.instante(new Date(voltaAte), FUSO);
    const fecho = idioma.t(`aviso.${comVolta}.fechoComVolta`, { ate });
    return { frase: idioma.t(`aviso.${comVolta}.fraseComVolta`), fecho };
  }
  const redefina = idioma.t('aviso.redefina');
  return { frase: idioma.t(`aviso.${tipo}.frase`), fecho: idioma.t(`aviso.${tipo}.fecho`, { redefina }) };
}

/** In words of ours only: whoever did it has written that header. */
function dispositivoDe(userAgent: string, idioma: Idioma): string {
  const { programa, sistema } = partesDoDispositivo(userAgent);
  if (programa && sistema) return idioma.t('formatos.dispositivo', { programa, sistema });
  return programa ?? sistema ?? '';
}

/** An address, or an IPv6 network such as `2001:db8::/64`, and nothing else. */
function enderecoDe(texto: string): string {
  return isIP(texto.replace(/\/\d{1,3}$/, '')) === 0 ? '' : texto;
}
