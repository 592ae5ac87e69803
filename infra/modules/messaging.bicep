@minLength(6)
@maxLength(50)
param name string
param location string
param tags object

@description('Basic has queues; Standard has topics and detects duplicates.')
@allowed(['Basic', 'Standard'])
param sku string

@description('The identity that sends and receives.')
param principalId string

@description('Whoever else may send messages for ingestion: the object id of a group or a service principal. None when it is empty.')
param producerPrincipalId string

@description('Where dead letters are reported to; nobody when it is empty.')
param alertEmail string

// Names that the store knows.
var ingestQueue = 'metadata-ingest'
var retraining = 'retraining'
var subscriptionName = 'workers'

var hasTopics = sku != 'Basic'
var roles = {
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
}

// Batches have no renewal of their locks, so the lock is as long as there is.
var settlement = {
  deadLetteringOnMessageExpiration: true
  lockDuration: 'PT5M'
  maxDeliveryCount: 100
}

// What was sent twice is applied once in any case; where the broker can, it does not even deliver it.
var duplicates = hasTopics ? { requiresDuplicateDetection: true, duplicateDetectionHistoryTimeWindow: 'P1D' } : {}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
    tier: sku
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }

  resource ingest 'queues' = {
    name: ingestQueue
    properties: union(settlement, duplicates)
  }

  resource retrainingQueue 'queues' = if (!hasTopics) {
    name: retraining
    properties: settlement
  }

  resource retrainingTopic 'topics' = if (hasTopics) {
    name: retraining
    properties: duplicates

    resource workers 'subscriptions' = {
      name: subscriptionName
      properties: settlement
    }
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(roles): {
    name: guid(namespace.id, principalId, role.value)
    scope: namespace
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
    }
  }
]

resource producer 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(producerPrincipalId)) {
  name: guid(namespace::ingest.id, producerPrincipalId, roles.serviceBusDataSender)
  scope: namespace::ingest
  properties: {
    principalId: producerPrincipalId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusDataSender)
  }
}

resource reporting 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'metadata'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = if (!empty(alertEmail)) {
  name: 'dead-letters-${name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Messages could not be applied: GET /api/v1/queues/${ingestQueue}/dead-letters says why.'
    severity: 2
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead letters'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [
      {
        actionGroupId: reporting.id
      }
    ]
  }
}

output fullyQualifiedNamespace string = split(split(namespace.properties.serviceBusEndpoint, '//')[1], ':')[0]
output retrainingSubscription string = hasTopics ? subscriptionName : ''
