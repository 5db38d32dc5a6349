import type { ReactNode } from 'react';
import { Switch as AriaSwitch } from 'react-aria-components/Switch';

interface SwitchProps {
  isSelected: boolean;
  onChange: (selected: boolean) => void;
  children: ReactNode;
}

export function Switch({ isSelected, onChange, children }: SwitchProps) {
  return (
    <AriaSwitch
      isSelected={isSelected}
      onChange={onChange}
      className="group inline-flex cursor-pointer items-center gap-[7px] px-1 text-12 whitespace-nowrap text-fg-2"
    >
      <span className="flex h-[15px] w-[26px] items-center rounded-full bg-control p-[2.5px] motion-safe:transition-colors group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-focus group-data-selected:bg-ink">
        <span className="size-2.5 rounded-full bg-surface motion-safe:transition-transform group-data-selected:translate-x-[11px]" />
      </span>
      {children}
    </AriaSwitch>
  );
}
