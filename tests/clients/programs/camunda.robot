*** Settings ***
Documentation       Runs errands with the keywords of CamundaLibrary, and says what it has read.

Library             CamundaLibrary    ${URL}
Library             Collections
Library             OperatingSystem

Suite Teardown      Log To Console    \nREAD ${{ json.dumps($READ) }}


*** Variables ***
${URL}          the server's root
${NAME}         the process and its topic
${MODEL}        a model
${LETTER}       a text file
&{READ}
&{INSTANCES}


*** Tasks ***
Deploy The Model
    ${version}=    Get Version
    ${deployed}=    Deploy    ${MODEL}
    ${deployments}=    Get Deployments    ${deployed}[id]
    ${definitions}=    Get Process Definitions    key=${NAME}
    Note    version=${version.version}    deployments=${{ len($deployments) }}
    ...    definition=${definitions[0].key}

Complete A Task
    ${instance}=    Start Errand    done
    ${variables}=    Fetch Workload    ${NAME}    async_response_timeout=${2000}
    ${task}=    Get Fetch Response
    ${file}=    Download File From Variable    letter
    ${content}=    Get File    ${file}
    Note    errand=${task}[business_key]    worker=${task}[worker_id]    letter=${content}
    ...    filename=${variables}[letter][value_info][filename]
    ...    text=${variables}[text]    number=${variables}[number]    data=${variables}[data]
    ${result}=    Create Dictionary    answer=${42}
    ${files}=    Create Dictionary    copy=${LETTER}
    Complete Task    ${result}    ${files}
    ${data}=    Get Process Instance Variable    ${instance}    data
    ${tree}=    Get Activity Instance    ${instance}
    Note    stored=${data}    waits for=${tree}[child_activity_instances][0][activity_id]

Deliver A Message
    ${variables}=    Create Dictionary    amount=${7}
    ${correlated}=    Deliver Message    ${NAME}-paid    business_key=done
    ...    process_variables=${variables}
    Note    correlated=${correlated}[0][resultType]

Throw A BPMN Error
    Start Errand    refused
    Fetch Workload    ${NAME}
    ${variables}=    Create Dictionary    reason=fog
    Throw Bpmn Error    FOG    not today    ${variables}

Report A Failure
    ${instance}=    Start Errand    failed
    Fetch Workload    ${NAME}
    Notify Failure    error_message=out of paper    error_details=tray 2    retries=${0}
    ${incidents}=    Get Incidents    process_instance_id=${instance}
    Note    incident=${incidents}[0][incident_message]    kind=${incidents}[0][incident_type]

Unlock A Task
    Start Errand    kept
    ${before}=    Get Amount Of Workloads    ${NAME}    locked=true    with_retries_left=true
    Fetch Workload    ${NAME}
    ${between}=    Get Amount Of Workloads    ${NAME}    locked=true    with_retries_left=true
    Unlock
    ${after}=    Get Amount Of Workloads    ${NAME}    locked=true    with_retries_left=true
    ${nothing}=    Fetch Workload    ${NAME}-nothing
    Note    locked=${{ [$before, $between, $after] }}    nothing=${nothing}

Delete An Instance
    ${instance}=    Start Errand    doomed
    Delete Process Instance    ${instance}
    ${found}=    Get Process Instances    process_definition_key=${NAME}
    ${active}=    Get All Active Process Instances    ${NAME}
    Note    left=${{ sorted(instance['business_key'] for instance in $found) }}
    ...    active=${{ len($active) }}


*** Keywords ***
Note
    [Documentation]    Keep what has been read.
    [Arguments]    &{values}
    Set To Dictionary    ${READ}    &{values}

Start Errand
    [Documentation]    Start an instance whose business key names the errand.
    [Arguments]    ${errand}
    ${data}=    Evaluate    {'a': [1, 'b']}
    ${variables}=    Create Dictionary    text=grüße    number=${42}    data=${data}
    ${files}=    Create Dictionary    letter=${LETTER}
    ${started}=    Start Process    ${NAME}    ${variables}    ${files}    business_key=${errand}
    Set To Dictionary    ${INSTANCES}    ${errand}=${started}[id]
    Note    instances=${INSTANCES}
    RETURN    ${started}[id]
