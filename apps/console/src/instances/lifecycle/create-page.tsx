import { zodResolver } from '@hookform/resolvers/zod';
import type { CreateInstance, Vpc } from '@moru/types';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { Attempt } from '../../http/attempt.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, buttonLook } from '../../ui/button.tsx';
import { Crumbs } from '../../ui/crumbs.tsx';
import { FailureNotice } from '../../ui/failure-notice.tsx';
import { Form } from '../../ui/form.tsx';
import { usePageTitle } from '../../ui/page-title.ts';
import { Section } from '../../ui/section.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { showToast } from '../../ui/toast.ts';
import { useReason } from '../use-instance-actions.ts';
import { Choice } from './choice.tsx';
import { type CreateForm, createFormSchema, emptyForm, none, wantedOf } from './create-form.ts';
import { followOrder } from './follow-order.ts';
import { flavorsQuery, imagesQuery, keyPairsQuery, lifecycle, networksQuery } from './lifecycle-requests.ts';

/** A new instance, by what the cloud offers. */
export function CreateInstancePage() {
  const { t } = useTranslation();
  const reason = useReason();
  const flavors = useQuery(flavorsQuery);
  const images = useQuery(imagesQuery);
  const networks = useQuery(networksQuery);
  const keyPairs = useQuery(keyPairsQuery);
  const create = useCreate();
  const { control, handleSubmit, watch, formState } = useForm<CreateForm>({
    resolver: zodResolver(createFormSchema),
    mode: 'onTouched',
    defaultValues: emptyForm,
  });
  usePageTitle(t('create.title'));
  const form = watch();
  const ready = wantedOf(form);
  const closed = reason('instance.create');
  const failed = [flavors, images, networks, keyPairs].find(({ error }) => error !== null);
  const subnets = subnetOptions(networks.data?.vpcs ?? []);
  const second = form.secondSubnet !== none && form.secondSubnet !== form.subnet;
  return (
    <div className="min-h-0 flex-1 overflow-auto px-4 py-4 narrow:px-12" data-testid="create-page">
      <Crumbs
        items={[
          t('shell.bareMetalServer'),
          <Link key="list" to="/instances" className="hover:underline">
            {t('instances.title')}
          </Link>,
          t('create.title'),
        ]}
      />
      <h1 className="mt-1 mb-3 text-21 leading-tight">{t('create.title')}</h1>
      {failed && <FailureNotice error={failed.error} onRetry={() => failed.refetch()} className="mb-3" />}
      <Form
        testId="create-form"
        className="grid max-w-[720px] gap-3.5"
        onSubmit={handleSubmit((values) => {
          const body = wantedOf(values);
          if (body && !closed && !create.isPending) create.mutate(body);
        })}
      >
        <Section title={t('create.server')}>
          <div className="grid gap-3 px-4 py-3.5">
            <Controller
              control={control}
              name="name"
              render={({ field, fieldState }) => (
                <TextField
                  {...field}
                  label={t('instances.name')}
                  hint={t('lifecycle.nameRule')}
                  maxLength={63}
                  spellCheck="false"
                  error={fieldState.error && t('lifecycle.nameRule')}
                />
              )}
            />
            <Choice
              control={control}
              name="flavorId"
              label={t('instances.type')}
              options={(flavors.data ?? []).map(({ id, name, vcpus, memoryMb }) => ({
                id,
                label: [name, vcpus && `${vcpus} vCPU`, memoryMb && `${Math.round(memoryMb / 1024)} GiB`]
                  .filter(Boolean)
                  .join(' · '),
              }))}
            />
            <Choice
              control={control}
              name="imageId"
              label={t('lifecycle.image')}
              options={(images.data ?? []).map(({ id, name }) => ({ id, label: name }))}
            />
          </div>
        </Section>
        <Section title={t('create.network')}>
          <div className="grid gap-3 px-4 py-3.5">
            <Choice control={control} name="subnet" label={t('create.firstInterface')} options={subnets} />
            <Choice
              control={control}
              name="secondSubnet"
              label={t('create.secondInterface')}
              options={[{ id: none, label: t('common.none') }, ...subnets]}
            />
            {second && (
              <Banner tone="warn" title={t('network.severalTitle')}>
                {t('network.severalText')}
              </Banner>
            )}
          </div>
        </Section>
        <Section title={t('create.access')}>
          <div className="grid gap-3 px-4 py-3.5">
            <Choice
              control={control}
              name="keyName"
              label={t('create.keyPair')}
              options={[
                { id: none, label: t('common.none') },
                ...(keyPairs.data ?? []).map(({ name }) => ({ id: name, label: name })),
              ]}
            />
            <p className="text-12 text-fg-2">{t('create.filter')}</p>
          </div>
        </Section>
        {create.error && <FailureNotice error={create.error} />}
        <div className="flex items-center gap-3">
          <Link to="/instances" className={buttonLook({})}>
            {t('common.cancel')}
          </Link>
          <span className="flex-1 text-right text-12 text-fg-2">{t('create.billing')}</span>
          <Button
            type="submit"
            look="primary"
            data-testid="create-submit"
            isPending={create.isPending || formState.isSubmitting}
            reasonAt="above-end"
            reason={closed ?? (ready ? null : t('create.incomplete'))}
          >
            {t('create.submit')}
          </Button>
        </div>
      </Form>
    </div>
  );
}

function subnetOptions(vpcs: readonly Vpc[]) {
  return vpcs.flatMap(({ name: vpc, subnets }) =>
    subnets.map(({ id, name, cidr }) => ({ id, label: `${vpc} · ${name} ${cidr}` })),
  );
}

function useCreate() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [attempt] = useState(() => new Attempt());
  return useMutation({
    mutationFn: (body: CreateInstance) => lifecycle.create(body, attempt),
    onSuccess: ({ instanceId }, { name }) => {
      const about = { code: name, topic: `order ${instanceId}` };
      showToast({ tone: 'changing', title: t('lifecycle.begun.create'), ...about });
      void followOrder(queries, { id: instanceId, name }, 'create').then((outcome) => {
        if (outcome === 'done') showToast({ title: t('lifecycle.done.create'), ...about });
        else showToast({ tone: 'bad', title: t(`lifecycle.${outcome}`), ...about });
      });
      void navigate({ to: '/instances' });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['instances'] }),
  });
}
