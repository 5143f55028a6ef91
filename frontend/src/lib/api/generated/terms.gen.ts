// This file is written by scripts/api from the contract, after Django's choices.

export const LABELS = {
  "Category": {
    "ball": "Ball stuck or missing",
    "flippers": "Flippers",
    "switches": "Targets, bumpers, switches",
    "lights": "Lights",
    "display": "Display or score",
    "sound": "Sound",
    "power": "Will not start",
    "cabinet": "Cabinet, glass, legs",
    "other": "Something else"
  },
  "Era": {
    "em": "Electromechanical",
    "ss": "Solid state",
    "dmd": "Dot matrix",
    "modern": "Modern"
  },
  "Kind": {
    "call": "Call",
    "map": "Map",
    "item": "Item",
    "sleep": "Sleep",
    "wait": "Wait",
    "undo": "Undo"
  },
  "MachineStatus": {
    "good": "Playable",
    "fixing": "Being fixed",
    "broken": "Out of order",
    "unknown": "Not checked"
  },
  "Mail": {
    "never": "Never",
    "now": "At once",
    "daily": "Once a day"
  },
  "PartStatus": {
    "needed": "Needed",
    "ordered": "Ordered",
    "received": "Received",
    "fitted": "Fitted"
  },
  "PhotoState": {
    "ready": "Ready",
    "processing": "Being processed",
    "failed": "Could not be processed"
  },
  "Priority": {
    "unplayable": "Unplayable",
    "major": "Major",
    "untriaged": "Untriaged",
    "minor": "Minor",
    "cosmetic": "Cosmetic"
  },
  "ReportStatus": {
    "open": "Open",
    "closed": "Closed"
  },
  "RunState": {
    "running": "Running",
    "undoing": "Undoing",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled"
  },
  "Status": {
    "draft": "a draft",
    "open": "open for review",
    "merged": "merged",
    "closed": "closed"
  },
  "StepState": {
    "pending": "Pending",
    "running": "Running",
    "retrying": "Waiting for a retry",
    "waiting": "Waiting",
    "succeeded": "Succeeded",
    "failed": "Failed",
    "cancelled": "Cancelled"
  },
  "Theme": {
    "auto": "As the device",
    "light": "Light",
    "dark": "Dark"
  },
  "Verdict": {
    "approve": "Approve",
    "request_changes": "Request Changes"
  },
  "Zone": {
    "floor": "Exhibition floor",
    "workshop": "Workshop",
    "storage": "Storage"
  }
} as const;

export const LIMITS = {
  "imageBytes": 12582912
} as const;
